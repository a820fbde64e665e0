FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY locales locales
COPY storage storage
COPY handlers handlers
COPY bot bot
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[postgresql]"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home kentongan \
    && install -d -o kentongan -g kentongan -m 700 /data
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "kentongan[postgresql]"

ENV PYTHONUNBUFFERED=1 \
    KENTONGAN_DATA_DIR=/data \
    KENTONGAN_HOST=0.0.0.0 \
    KENTONGAN_LOG=json
USER kentongan
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('KENTONGAN_PORT') or 8080}/ready\", timeout=4)"]
ENTRYPOINT ["kentongan"]
CMD ["serve"]
