/** What the engine writes in a preview for a text that only the update will know. @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
