import { startPack } from "../startPack";
import { reliabilityRules } from "./rules";

startPack("trustplane-reliability", "What keeps running, and says when it does not", reliabilityRules);
