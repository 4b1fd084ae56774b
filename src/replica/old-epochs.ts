// Deletes folders of earlier epochs, once the present one is whole and was served from for long enough. It never looks at a clock: time
// counts while a holder leaves signs of life. Whatever is restored from then on is the present folder or a later one.
import type { Log, ReplicaConfig } from "../app/index.ts"
import { RemoteError } from "./error.ts"
import { folderOf, type Marker } from "./marker.ts"
import type { Remote } from "./remote.ts"

/** @returns which go; none while the holder's own folder is not the one that a restore reads */
function oldFolders(names: readonly string[], mark: Marker | null, oldMs: number | null): string[] {
  const whole = mark?.whole
  if (!mark || !whole || oldMs === null || whole.epoch !== mark.epoch || (whole.servedMs ?? 0) < oldMs) return []
  return names.filter((name) => {
    const epoch = /^e([1-9]\d{0,6})$/.exec(name)?.[1]
    return epoch !== undefined && Number(epoch) < whole.epoch && name === folderOf(Number(epoch))
  })
}

export async function deleteOld(
  { remote, replica, log }: { remote: Remote; replica: Pick<ReplicaConfig, "oldMs">; log: Log },
  mark: Marker | null,
): Promise<void> {
  // Nobody asks the store before there can be an answer.
  if (oldFolders(["e1"], mark, replica.oldMs).length === 0) return
  try {
    for (const folder of oldFolders(await remote.folders(), mark, replica.oldMs)) {
      await remote.remove(folder)
      log.info("replica.old_deleted", { folder, whole: mark?.whole?.epoch })
    }
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error
    log.warn("replica.old_kept", { why: error.message })
  }
}
