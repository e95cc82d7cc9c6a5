{{- define "labels" -}}
app.kubernetes.io/name: dlf
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- /* What a ServiceAccount may do. Takes root, kind (ClusterRole or Role), account, role, binding and rules. */ -}}
{{- define "rights" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}
metadata:
  name: {{ .role }}
  {{- if eq .kind "Role" }}
  namespace: {{ .root.Release.Namespace }}
  {{- end }}
  labels: {{- include "labels" .root | nindent 4 }}
rules: {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  name: {{ .binding }}
  {{- if eq .kind "Role" }}
  namespace: {{ .root.Release.Namespace }}
  {{- end }}
  labels: {{- include "labels" .root | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{ .kind }}, name: {{ .role }}}
subjects:
  - {kind: ServiceAccount, name: {{ .account }}, namespace: {{ .root.Release.Namespace }}}
{{- end -}}

{{- /* A ServiceAccount with cluster-wide rules. Takes root, account, role, binding and rules. */ -}}
{{- define "account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .account }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" .root | nindent 4 }}
---
{{ include "rights" (merge (dict "kind" "ClusterRole") .) }}
{{- end -}}

{{- /* The driver on every node. Takes root, name, account, plugin (its folder below the kubelet's), image, registrar, driver (both: name and securityContext), folders (of the node, by volume) and tolerations. */ -}}
{{- define "nodePlugin" -}}
{{- $kubelet := .root.Values.global.sidecars.kubeletPath -}}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" .root | nindent 4 }}
spec:
  selector:
    matchLabels: {app: {{ .name }}}
  template:
    metadata:
      labels: {app: {{ .name }}, app.kubernetes.io/name: dlf}
    spec:
      serviceAccountName: {{ .account }}
      hostNetwork: true
      containers:
        - name: {{ .registrar.name }}
          image: {{ .root.Values.global.sidecars.baseRepo }}/csi-node-driver-registrar:v2.3.0
          args: [--csi-address=/csi/csi.sock, --kubelet-registration-path={{ $kubelet }}/plugins/{{ .plugin }}/csi.sock]
          securityContext: {{- toJson .registrar.securityContext | nindent 12 }}
          volumeMounts:
            - {name: plugin, mountPath: /csi}
            - {name: registration, mountPath: /registration}
        - name: {{ .driver.name }}
          image: {{ .root.Values.global.baseRepo }}/{{ .image }}:{{ .root.Chart.AppVersion }}
          securityContext: {{- toJson .driver.securityContext | nindent 12 }}
          volumeMounts:
            - {name: plugin, mountPath: /csi}
            - {name: pods, mountPath: {{ $kubelet }}/pods, mountPropagation: Bidirectional}
            {{- range $volume, $path := .folders }}
            - {name: {{ $volume }}, mountPath: {{ $path }}}
            {{- end }}
      volumes:
        - {name: plugin, hostPath: {path: {{ $kubelet }}/plugins/{{ .plugin }}, type: DirectoryOrCreate}}
        - {name: registration, hostPath: {path: {{ $kubelet }}/plugins_registry, type: Directory}}
        - {name: pods, hostPath: {path: {{ $kubelet }}/pods, type: DirectoryOrCreate}}
        {{- range $volume, $path := .folders }}
        - {name: {{ $volume }}, hostPath: {path: {{ $path }}}}
        {{- end }}
      {{- with .tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{- /* A sidecar by itself. Takes root, name, account, containers, volume (the source of the one that they share) and tolerations. */ -}}
{{- define "controller" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" .root | nindent 4 }}
spec:
  selector: {app: {{ .name }}}
  ports:
    - {name: dummy, port: 12345}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" .root | nindent 4 }}
spec:
  serviceName: {{ .name }}
  replicas: 1
  selector:
    matchLabels: {app: {{ .name }}}
  template:
    metadata:
      labels: {app: {{ .name }}, app.kubernetes.io/name: dlf}
    spec:
      serviceAccountName: {{ .account }}
      containers:
        {{- range .containers }}
        - name: {{ .name }}
          image: {{ .image }}
          securityContext: {{- toJson .securityContext | nindent 12 }}
          volumeMounts:
            - {name: plugin, mountPath: /csi}
        {{- end }}
      volumes:
        - {{ merge (dict "name" "plugin") .volume | toJson }}
      {{- with .tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
