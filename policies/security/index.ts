import { startPack } from "../startPack";
import { securityRules } from "./rules";

startPack("trustplane-security", "Pods, access, exposure and supply chain", securityRules);
