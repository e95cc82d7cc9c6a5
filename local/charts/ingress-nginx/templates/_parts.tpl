{{- define "fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "controller" -}}
{{- printf "%s-controller" (include "fullname" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end -}}

{{- define "labels" -}}
{{ include "selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | trimPrefix "v" | quote }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "arguments" -}}
{{- with .Values.controller -}}
- /nginx-ingress-controller
{{- if .publishService.enabled }}
- --publish-service=$(POD_NAMESPACE)/{{ include "controller" $ }}
{{- end }}
- --election-id={{ .electionID | default (printf "%s-leader" (include "fullname" $)) }}
- --controller-class={{ .ingressClassResource.controllerValue }}
{{- with .ingressClass }}
- --ingress-class={{ . }}
{{- end }}
- --configmap=$(POD_NAMESPACE)/{{ include "controller" $ }}
{{- if .scope.enabled }}
- --watch-namespace={{ .scope.namespace | default "$(POD_NAMESPACE)" }}
{{- end }}
{{- if .watchIngressWithoutClass }}
- --watch-ingress-without-class=true
{{- end }}
{{- range $flag, $value := .extraArgs }}
- --{{ $flag }}{{ if ne ($value | toString) "" }}={{ $value }}{{ end }}
{{- end }}
{{- end -}}
{{- end -}}
