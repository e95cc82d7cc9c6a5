import { version } from "@pulumi/tls/package.json";
import { serve } from "../server/serve";
import { StateOnlyProvider } from "../server/stateOnlyProvider";
import { certRequest } from "./certRequest";
import { locallySignedCert } from "./locallySignedCert";
import { privateKey } from "./privateKey";
import { selfSignedCert } from "./selfSignedCert";

serve(new StateOnlyProvider("tls", version, [privateKey, selfSignedCert, certRequest, locallySignedCert]));
