import { startPack } from "../startPack";
import { trustRules } from "./rules";

startPack("trustplane-trust", "Authorities and certificates, the way of secrets, and what cannot be made again", trustRules);
