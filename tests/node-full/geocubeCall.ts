import * as fs from "node:fs";
import { Client, credentials } from "@grpc/grpc-js";

// `geocubeCall.ts ADDRESS NAME BUNDLE METHOD REQUEST`: one call, without a second try, to the server at the address that has a leaf for the name; request and
// answer are base64.

const [address = "", name = "", bundle = "", method = "", request = ""] = process.argv.slice(2);
const options = { "grpc.ssl_target_name_override": name, "grpc.default_authority": name, "grpc.enable_retries": 0 };
const client = new Client(address, credentials.createSsl(fs.readFileSync(bundle)), options);
const plain = (message: Buffer): Buffer => message;

client.makeUnaryRequest(method, plain, plain, Buffer.from(request, "base64"), { deadline: Date.now() + 20_000 }, (error, reply) => {
  if (error !== null) throw error;
  console.log((reply ?? Buffer.alloc(0)).toString("base64"));
  process.exit(0);
});
