/** Who the advice is about. */
export interface ProbedNode {
  readonly nodeName: string;
  readonly namespace: string;
}

interface Fault {
  readonly sign: RegExp;
  readonly result: string;
  readonly wayOut: (node: ProbedNode) => string;
}

const valuesAgain = ({ nodeName, namespace }: ProbedNode): string =>
  `run npm run interlink-values, helm upgrade with its file, then kubectl -n ${namespace} rollout restart deployment/${nodeName}-node`;

/** What kubectl and its surroundings say when it does not get in; the first that fits is it. */
export const faults: readonly Fault[] = [
  {
    sign: /certificate signed by unknown authority/,
    result: "certificate unknown: the virtual node gives its pods another CA than the one that signed what they are served",
    wayOut: valuesAgain,
  },
  {
    sign: /certificate is (valid for .*, not|not valid for any names)|doesn't contain any IP SANs/,
    result: "certificate of another address: it does not name what the pods connect to",
    wayOut: (node) => `compare trustplane:interlink.address with the address in the log; if the values are old, ${valuesAgain(node)}`,
  },
  {
    sign: /certificate has expired or is not yet valid/,
    result: "certificate out of its time",
    wayOut: () => "compare the HPC node's clock; look at the Certificate: kubectl get certificates --all-namespaces",
  },
  {
    sign: /localhost:8080 was refused|unable to load in-cluster configuration/,
    result: "no token or no address in the pod: kubectl did not know of any cluster",
    wayOut: (node) => `check that the chart's interlink.disableProjectedVolumes is false; then ${valuesAgain(node)}`,
  },
  {
    sign: /connection refused|The connection to the server \S+ was refused/,
    result: "connection refused: nothing listens on the address and port that the pods were given",
    wayOut: (node) =>
      `compare the stack's outputs kubernetesApiAddr and kubernetesApiPort with the log; if the values are old, ${valuesAgain(node)}`,
  },
  {
    sign: /i\/o timeout|no route to host|network is unreachable|context deadline exceeded|Client\.Timeout|TLS handshake timeout/i,
    result: "no way: the HPC node gets no answer from the address",
    wayOut: () => "open the firewalls between the HPC nodes and the address; check the network's routes and interlink.allowedSources",
  },
  {
    sign: /no such host|server misbehaving|Temporary failure in name resolution/,
    result: "name unknown: the HPC node's DNS does not have the address",
    wayOut: () => "add the name to the DNS that the HPC nodes ask, or set trustplane:interlink.address to an IPv4 address",
  },
  {
    sign: /Unauthorized|You must be logged in to the server/,
    result: "unauthorized: the API server does not take the token",
    wayOut: () =>
      "a token that has expired, or whose pod or ServiceAccount is gone: run the probe anew; docs/interlink.md has the limits of tokens",
  },
  {
    sign: /403 Forbidden/,
    result: "refused by the edge: the HPC node's address is not among those that may connect",
    wayOut: () => "add the network that the edge sees the HPC nodes come from to trustplane:interlink.allowedSources, then npm run up",
  },
  {
    sign: /selfsubjectrulesreviews\S* is forbidden/,
    result: "forbidden: the API server answered, but lets the ServiceAccount not even ask what it may do",
    wayOut: () => "restore the ClusterRoleBinding system:basic-user, which every cluster has by default",
  },
  {
    sign: /50[234] (Bad Gateway|Service|Gateway)|unable to return a response in the time allotted|currently unable to handle the request/,
    result: "the edge does not reach the API server, or cannot verify it",
    wayOut: () => "read the edge's log: kubectl logs --all-namespaces -l app.kubernetes.io/name=kubernetes-api-edge",
  },
  {
    sign: /kubectl["']?: (executable file )?not found|no such file or directory/,
    result: "no kubectl: the image has none in its PATH, or the HPC side did not start the image",
    wayOut: () => "set trustplane:interlink.accessProbe.image to an image that has kubectl",
  },
];
