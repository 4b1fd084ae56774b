// Deleting what is over: as much as there is, in bodies short enough for other writes to come between.

/**
 * Runs the slice until one finds less than it may take.
 * @param slice one body; deletes at most `rowsMax` rows and says how many it deleted
 */
export async function inSlices(rowsMax: number, slice: (rowsMax: number) => Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const deleted = await slice(rowsMax)
    total += deleted
    if (deleted < rowsMax) return total
  }
}
