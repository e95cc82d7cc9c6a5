import { z } from "zod";
import { imageFields } from "./image";

/** nginx as user 101, or any other. @see https://github.com/nginx/docker-nginx-unprivileged */
export const NGINX_IMAGE = "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine";

/** kubectl and nothing else. */
export const PROBE_IMAGE = "registry.k8s.io/kubectl:v1.34.1";

/** The nginx beside a server, of which only the image can be chosen. */
export const nginxFields = z.strictObject(imageFields(NGINX_IMAGE)).prefault({});
