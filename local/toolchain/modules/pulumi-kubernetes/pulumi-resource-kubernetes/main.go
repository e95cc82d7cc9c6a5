// Command pulumi-resource-kubernetes is Pulumi's official provider for Kubernetes. Its own main cannot be built from its
// module, whose build makes the two files that it embeds; here they are the two files of the module that those are made of.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
