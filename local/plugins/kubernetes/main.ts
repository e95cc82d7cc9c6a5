import { serve } from "../server/serve";
import { KubernetesProvider } from "./provider";

serve(new KubernetesProvider());
