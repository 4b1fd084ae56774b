// Opening a port, and what an operator is told when it cannot be had: which listener it was, and which setting names it.

/** The address cannot be had; the message says why and what to do. */
export class ListenError extends Error {
  override name = "ListenError"
}

/** Where somebody is to listen, and the settings that say so. */
export interface Place {
  host: string
  port: number
  portSetting: string
  hostSetting: string
}

/** @throws ListenError in place of what the system says */
export function listening<Listener>(place: Place, open: () => Listener): Listener {
  try {
    return open()
  } catch (error) {
    throw asListenError(error, place)
  }
}

function asListenError(error: unknown, { host, port, portSetting, hostSetting }: Place): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string }
  if (syscall !== "listen") return error
  if (code === "EADDRINUSE")
    return new ListenError(
      `port ${port} on ${host} is taken by another program; stop it, or set another ${portSetting}`,
    )
  if (code === "EACCES")
    return new ListenError(`this user may not listen on port ${port}; set a ${portSetting} of 1024 or higher`)
  return new ListenError(
    `cannot listen on "${host}" port ${port} (${code}); set ${hostSetting} to an address of this machine`,
  )
}
