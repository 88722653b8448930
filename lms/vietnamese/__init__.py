"""The Vietnamese that the installed packages lack: catalogues, and what no catalogue reaches."""
