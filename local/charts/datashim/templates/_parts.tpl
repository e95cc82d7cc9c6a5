{{- define "labels" -}}
app.kubernetes.io/name: dlf
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- /* A ServiceAccount with cluster-wide rules. Takes root, name and rules. */ -}}
{{- define "account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" .root | nindent 4 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .role | default .name }}
  labels: {{- include "labels" .root | nindent 4 }}
rules: {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ .role | default .name }}
  labels: {{- include "labels" .root | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ .role | default .name }}}
subjects:
  - {kind: ServiceAccount, name: {{ .name }}, namespace: {{ .root.Release.Namespace }}}
{{- end -}}

{{- /* The driver on every node. Takes root, name, account, plugin (its folder below the kubelet's), image and tolerations. */ -}}
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
        - name: driver-registrar
          image: {{ .root.Values.global.sidecars.baseRepo }}/csi-node-driver-registrar:v2.3.0
          args: [--csi-address=/csi/csi.sock, --kubelet-registration-path={{ $kubelet }}/plugins/{{ .plugin }}/csi.sock]
          volumeMounts:
            - {name: plugin, mountPath: /csi}
            - {name: registration, mountPath: /registration}
        - name: driver
          image: {{ .root.Values.global.baseRepo }}/{{ .image }}:{{ .root.Chart.AppVersion }}
          securityContext: {privileged: true}
          volumeMounts:
            - {name: plugin, mountPath: /csi}
            - {name: pods, mountPath: {{ $kubelet }}/pods, mountPropagation: Bidirectional}
      volumes:
        - {name: plugin, hostPath: {path: {{ $kubelet }}/plugins/{{ .plugin }}, type: DirectoryOrCreate}}
        - {name: registration, hostPath: {path: {{ $kubelet }}/plugins_registry, type: Directory}}
        - {name: pods, hostPath: {path: {{ $kubelet }}/pods, type: DirectoryOrCreate}}
      {{- with .tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{- /* A sidecar that speaks to the driver of its node. Takes root, name, account, plugin, image and tolerations. */ -}}
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
        - name: sidecar
          image: {{ .root.Values.global.sidecars.baseRepo }}/{{ .image }}
          args: [--csi-address=/csi/csi.sock]
          securityContext: {privileged: true}
          volumeMounts:
            - {name: plugin, mountPath: /csi}
      volumes:
        - {name: plugin, hostPath: {path: {{ .root.Values.global.sidecars.kubeletPath }}/plugins/{{ .plugin }}, type: DirectoryOrCreate}}
      {{- with .tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
