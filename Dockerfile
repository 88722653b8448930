# One image for web, worker, beat and migrations; docker-compose.yml says what each runs.
FROM python:3.11.15-slim-bookworm AS build

ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 \
    PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9 && python -m venv /opt/venv
WORKDIR /srv/suite

# The packages first: they change less often than the code.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --group build --group s3 --group sentry

COPY . .
RUN python -m lms.catalogues --compile
# Compiling was the build group's only work; an exact sync takes it away again.
RUN uv sync --frozen --no-default-groups --group s3 --group sentry
# The settings must be there, their values do not reach the static files.
RUN DJANGO_SETTINGS_MODULE=lms.settings.production SUITE_DATA_DIR=/data \
    SECRET_KEY=build ALLOWED_HOSTS=localhost SUITE_BASE_URL=https://localhost \
    DEFAULT_FROM_EMAIL=suite@localhost DATABASE_URL=sqlite:////tmp/none \
    CELERY_BROKER_URL=memory:// CACHE_URL=locmemcache:// EMAIL_URL=dummymail:// \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .


FROM python:3.11.15-slim-bookworm

LABEL org.opencontainers.image.title="Ha Nam training suite" \
      org.opencontainers.image.licenses="BSD-3-Clause"
# Sizes are defaults here; what a machine has is said in the environment.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=lms.settings.production SUITE_DATA_DIR=/data SUITE_RUN_DIR=/run/suite \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=2
RUN groupadd --system --gid 10001 suite \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin suite \
    # A new volume takes over the owner of the folder that it is mounted on.
    && install -d -o suite -g suite /data /data/media /data/private /data/backups /run/suite
# Backups are made by the client of the server's own version, which Debian does not have.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/suite /srv/suite
# In the image and not in a volume, so that an upgrade brings its own.
COPY --from=build /data/static /data/static
WORKDIR /srv/suite
# By number: Kubernetes can tell that it is not root.
USER 10001
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--respawn-failed-workers", "--no-ws", "lms.wsgi:application"]
