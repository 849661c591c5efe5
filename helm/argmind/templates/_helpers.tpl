{{- define "argmind.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 52 characters, so that the longest suffix, "-management", still makes a name of a Service. */}}
{{- define "argmind.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "argmind.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "argmind.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "argmind.selectorLabels" -}}
app.kubernetes.io/name: {{ include "argmind.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: service
{{- end }}

{{/* Of every object; the component is added where an object belongs to the service's pods. */}}
{{- define "argmind.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "argmind.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "argmind.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "argmind.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "argmind.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* Thousandths of processors: the limit, or else the request. */}}
{{- define "argmind.milliCpu" -}}
{{- $cpu := .Values.resources.requests.cpu | toString }}
{{- if .Values.resources.limits.cpu }}
{{- $cpu = .Values.resources.limits.cpu | toString }}
{{- end }}
{{- if hasSuffix "m" $cpu }}
{{- trimSuffix "m" $cpu | int }}
{{- else }}
{{- int (round (mulf (float64 $cpu) 1000) 0) }}
{{- end }}
{{- end }}

{{/* Solver threads: as said, or the whole processors of the container. */}}
{{- define "argmind.threads" -}}
{{- if .Values.config.solverThreads }}
{{- .Values.config.solverThreads | int }}
{{- else }}
{{- max 1 (div (include "argmind.milliCpu" . | int) 1000) }}
{{- end }}
{{- end }}

{{/* What the JVM takes for its number of processors: all that it may use, begun ones included, and one for each thread. */}}
{{- define "argmind.processors" -}}
{{- max (include "argmind.threads" . | int) (div (add (include "argmind.milliCpu" . | int) 999) 1000) }}
{{- end }}

{{/* Bytes of a Kubernetes quantity: 4Gi, 512Mi, 4G, 500M, 4294967296. */}}
{{- define "argmind.bytes" -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 }}
{{- $number := regexFind "^[0-9]+" . }}
{{- $unit := trimPrefix $number . }}
{{- mul (int64 $number) (get $units $unit | default 1 | int64) }}
{{- end }}

{{- define "argmind.terminationGracePeriodSeconds" -}}
{{- add .Values.shutdown.drainSeconds .Values.shutdown.inFlightSeconds 5 }}
{{- end }}

{{- define "argmind.scheme" -}}
{{- ternary "https" "http" .Values.tls.enabled }}
{{- end }}

{{/* A kubelet has no client certificate: if one is needed, it asks the management port. */}}
{{- define "argmind.probe" -}}
{{- $path := index . 1 }}
{{- with index . 0 }}
httpGet:
{{- if eq .Values.tls.clientAuth "need" }}
  path: /actuator/health/{{ $path }}
  port: management
{{- else }}
  path: {{ ternary "/livez" "/readyz" (eq $path "liveness") }}
  port: http
{{- if .Values.tls.enabled }}
  scheme: HTTPS
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Adds a setting to a dict unless it is null, "" or an empty list: (list DICT NAME VALUE). */}}
{{- define "argmind.put" -}}
{{- $value := index . 2 }}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "") (eq (toString $value) "[]")) }}
{{- $_ := set (index . 0) (index . 1) $value }}
{{- end }}
{{- end }}

{{/* What the service is told, as JSON; the names are those of docs/operations.md. */}}
{{- define "argmind.settings" -}}
{{- $all := dict "management.server.address" "0.0.0.0" }}
{{- $_ := set $all "argmind.solver.threads" (include "argmind.threads" . | int) }}
{{- $_ := set $all "argmind.drain" (printf "%vs" .Values.shutdown.drainSeconds) }}
{{- $_ := set $all "spring.lifecycle.timeout-per-shutdown-phase" (printf "%vs" .Values.shutdown.inFlightSeconds) }}
{{- range $group := list "limits" "retained" "registered" }}
{{- range $name, $value := get $.Values.config $group }}
{{- include "argmind.put" (list $all (printf "argmind.%s.%s" $group (kebabcase $name)) $value) }}
{{- end }}
{{- end }}
{{- include "argmind.put" (list $all "argmind.solver.isolation" .Values.config.isolation) }}
{{- include "argmind.put" (list $all "argmind.solver.worker-heap" .Values.config.workerHeap) }}
{{- include "argmind.put" (list $all "argmind.warm-up" .Values.config.warmUp) }}
{{- include "argmind.put" (list $all "argmind.ui" .Values.config.ui) }}
{{- include "argmind.put" (list $all "argmind.cors.origins" .Values.config.corsOrigins) }}
{{- range $tenant, $settings := .Values.config.tenants }}
{{- range $name, $value := $settings }}
{{- include "argmind.put" (list $all (printf "argmind.tenants[%s].%s" $tenant (kebabcase $name)) $value) }}
{{- end }}
{{- end }}
{{- include "argmind.security" (list $all .Values) }}
{{- mustToJson $all }}
{{- end }}

{{/* Authentication and HTTPS: (list DICT VALUES). */}}
{{- define "argmind.security" -}}
{{- $all := index . 0 }}
{{- with index . 1 }}
{{- $_ := set $all "argmind.security.mode" .auth.mode }}
{{- if eq .auth.mode "api-key" }}
{{- $_ := set $all "argmind.security.keys-file" (printf "/etc/argmind/keys/%s" .auth.secretKey) }}
{{- else if eq .auth.mode "jwt" }}
{{- range $name, $value := .auth.jwt }}
{{- include "argmind.put" (list $all (printf "argmind.security.jwt.%s" (kebabcase $name)) $value) }}
{{- end }}
{{- end }}
{{- if .tls.enabled }}
{{- $pem := "spring.ssl.bundle.pem.server" }}
{{- $_ := set $all "server.ssl.bundle" "server" }}
{{- $_ := set $all "management.server.ssl.enabled" false }}
{{- $_ := set $all (printf "%s.reload-on-update" $pem) true }}
{{- $_ := set $all (printf "%s.keystore.certificate" $pem) "/etc/argmind/tls/tls.crt" }}
{{- $_ := set $all (printf "%s.keystore.private-key" $pem) "/etc/argmind/tls/tls.key" }}
{{- if ne .tls.clientAuth "none" }}
{{- $_ := set $all "server.ssl.client-auth" .tls.clientAuth }}
{{- $_ := set $all (printf "%s.truststore.certificate" $pem) "/etc/argmind/tls/ca.crt" }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
