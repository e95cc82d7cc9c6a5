import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import type { Json, JsonObject } from "./provider";

/** The JSON of a protobuf Struct; an absent one is empty. */
export function fromStruct(struct: Struct | undefined): JsonObject {
  const object: Record<string, Json> = {};
  struct?.getFieldsMap().forEach((value: Value, key: string) => (object[key] = fromValue(value)));
  return object;
}

/** The protobuf Struct of JSON; keys whose value is undefined are left out. */
export function toStruct(object: JsonObject): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries<Json | undefined>(object)) {
    if (value !== undefined) fields.set(key, toValue(value));
  }
  return struct;
}

function fromValue(value: Value): Json {
  switch (value.getKindCase()) {
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(fromValue) ?? [];
    case Value.KindCase.STRUCT_VALUE:
      return fromStruct(value.getStructValue());
    default:
      return null;
  }
}

function toValue(json: Json): Value {
  const value = new Value();
  if (typeof json === "boolean") return value.setBoolValue(json);
  if (typeof json === "number") return value.setNumberValue(json);
  if (typeof json === "string") return value.setStringValue(json);
  if (json === null) return value.setNullValue(NullValue.NULL_VALUE);
  if (Array.isArray(json)) return value.setListValue(new ListValue().setValuesList((json as readonly Json[]).map(toValue)));
  return value.setStructValue(toStruct(json as JsonObject));
}
