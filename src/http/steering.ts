// Which of several listeners on one port is given new connections. Linux spreads them over all of them; a filter of one instruction that
// answers with a number names one (SO_ATTACH_REUSEPORT_CBPF, socket(7)). So a listener can be left before it is closed: connections in
// their handshake would be cut with it. The platform has no call for this, the system's library has.
import { dlopen, ptr } from "bun:ffi"
import { readdirSync, readFileSync, readlinkSync } from "node:fs"

const SOL_SOCKET = 1
const SO_ATTACH_REUSEPORT_CBPF = 51
/** "Return this number" (BPF_RET | BPF_K). */
const RETURN = 0x06
/** glibc, and musl's two. */
const LIBRARIES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]

type SetOption = (socket: number, level: number, option: number, value: number, length: number) => number
let setOption: SetOption | null | undefined

function library(): SetOption | null {
  if (process.platform !== "linux") return null
  for (const name of LIBRARIES)
    try {
      const { symbols } = dlopen(name, {
        setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
      })
      return symbols.setsockopt as unknown as SetOption
    } catch {
      // Another library, or one that this process may not load.
    }
  return null
}

/**
 * Gives new connections of this port to the listener with this number, in the order in which they began to listen.
 * @returns false where the system cannot: then they are spread over all
 */
export function steerTo(port: number, listener: number): boolean {
  setOption ??= library()
  if (!setOption) return false
  const filter = Buffer.alloc(8)
  filter.writeUInt16LE(RETURN, 0)
  filter.writeUInt32LE(listener, 4)
  const program = Buffer.alloc(16)
  program.writeUInt16LE(1, 0)
  program.writeBigUInt64LE(BigInt(ptr(filter)), 8)
  const attach = (socket: number) => setOption!(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, ptr(program), 16) === 0
  // One filter for all of them; a listener of the same port on another address is none of them, and may refuse it.
  return socketsOf(port).map(attach).includes(true)
}

const LISTENS = "0A"

/** Of this process, that listen on a port. */
function socketsOf(port: number): number[] {
  try {
    const names = new Set(["tcp", "tcp6"].flatMap((family) => listening(`/proc/self/net/${family}`, port)))
    return readdirSync("/proc/self/fd").flatMap((handle) => (names.has(nameOf(handle)) ? [Number(handle)] : []))
  } catch {
    return []
  }
}

/** A handle that was closed meanwhile has none. */
function nameOf(handle: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${handle}`)
  } catch {
    return ""
  }
}

function listening(table: string, port: number): string[] {
  const [, ...rows] = readFileSync(table, "utf8").split("\n")
  return rows.flatMap((row) => {
    const [, address = "", , state, , , , , , inode] = row.trim().split(/\s+/)
    const isOurs = state === LISTENS && Number.parseInt(address.split(":")[1] ?? "", 16) === port
    return isOurs ? [`socket:[${inode}]`] : []
  })
}
