import { version } from "@pulumi/random/package.json";
import { serve } from "../server/serve";
import { StateOnlyProvider } from "../server/stateOnlyProvider";
import { randomId } from "./randomId";
import { randomPassword } from "./randomPassword";

serve(new StateOnlyProvider("random", version, [randomPassword, randomId]));
