# The service as an image. `docker build -t argmind .` builds the jar, too; `make image` brings the jar that make has built (JAR=outside).

ARG JDK=eclipse-temurin:25-jdk
# Debian or Ubuntu: the natives of OR-Tools need glibc, libstdc++, zlib and libbz2.
ARG JRE=eclipse-temurin:25-jre
# The stage that the jar comes from.
ARG JAR=inside

FROM ${JDK} AS inside
# Without unzip the Maven wrapper takes another archive than the one whose checksum it has.
RUN command -v unzip || { apt-get update && apt-get install -y --no-install-recommends unzip && rm -rf /var/lib/apt/lists/*; }
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q package -DskipTests && mv target/argmind.jar /

FROM scratch AS outside
COPY target/argmind.jar /

FROM ${JAR} AS jar

FROM ${JDK} AS parts
COPY --from=jar /argmind.jar /
WORKDIR /parts
# The natives of OR-Tools lie beside the jars: as a jar, each start would unpack 69 MB into a temporary directory.
RUN java -Djarmode=tools -jar /argmind.jar extract --layers --destination . \
    && mkdir natives bom \
    && (cd natives && jar xf ../dependencies/lib/ortools-linux-*.jar && mv ortools-linux-*/lib* . && rm -r META-INF ortools-linux-*) \
    && (cd bom && jar xf /argmind.jar META-INF/sbom/application.cdx.json && mv META-INF/sbom/application.cdx.json sbom.cdx.json && rm -r META-INF) \
    && rm dependencies/lib/ortools-linux-*.jar

FROM ${JRE} AS service
WORKDIR /opt/argmind
# From what changes rarely to what changes always.
COPY --from=parts /parts/natives natives
COPY --from=parts /parts/dependencies ./
COPY tools/jvm.options tools/image/health ./
COPY tools/image/jvm.options image.options
COPY --from=parts /parts/bom /parts/application ./
# What may be changed when it runs; the other flags are those that the AOT cache was made with. The rest of the memory is for native solvers, threads and code.
ENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=45
# In a container, 127.0.0.1 is nobody's who watches; and logs are read by machines.
ENV MANAGEMENT_SERVER_ADDRESS=0.0.0.0 LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs

FROM service AS rehearsal
ARG REHEARSAL=10
COPY tools/image/rehearse /
RUN /rehearse ${REHEARSAL}

FROM service
LABEL org.opencontainers.image.title="argmind" \
      org.opencontainers.image.description="Solves batches of optimization problems and differentiates through them" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=rehearsal /opt/argmind/argmind.aot ./
USER 10001:10001
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/argmind/health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@/opt/argmind/jvm.options", "@/opt/argmind/image.options", "-XX:AOTCache=/opt/argmind/argmind.aot", "-jar", "/opt/argmind/argmind.jar"]
