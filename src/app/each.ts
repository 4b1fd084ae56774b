// What a job does to each row of a slice: one row that fails keeps nobody else waiting. A row that can never be worked on would else stop all
// that come after it for good.

/** Rows of a slice that failed, after all others were worked on: they are due still. `cause` is the first one's error. */
export class RowsFailed extends AggregateError {
  override name = "RowsFailed"
  constructor(
    failures: readonly { row: unknown; error: unknown }[],
    /** Rows of the slice. */
    of: number,
    /** Where a round through all rows goes on; null = it begins anew. */
    readonly next: number | null = null,
  ) {
    const [first] = failures
    const words = failures.length === 1 ? "1 row" : `${failures.length} rows`
    super(
      failures.map(({ error }) => error),
      `${words} of ${of} failed, ${String(first?.row)} first: ${String(first?.error)}`,
      { cause: first?.error },
    )
  }
}

/**
 * One after the other, each by itself.
 * @param name how a row is called in the words of a failure; an id
 * @param next where a round goes on after these
 * @throws RowsFailed when all were tried
 */
export async function eachAlone<T>(
  rows: readonly T[],
  name: (row: T) => string | number,
  act: (row: T) => unknown,
  next: number | null = null,
): Promise<void> {
  const failures: { row: unknown; error: unknown }[] = []
  for (const row of rows)
    try {
      await act(row)
    } catch (error) {
      failures.push({ row: name(row), error })
    }
  if (failures.length > 0) throw new RowsFailed(failures, rows.length, next)
}

/**
 * A round through all rows, a slice a call, that begins anew after the last one. A slice in which rows failed does not stop it.
 * @param look works on the slice after a row; answers where to go on, null = that was the last
 * @returns whether the round goes on
 */
export function inRounds(
  look: (after: number, rows: number) => Promise<number | null>,
): (rows: number) => Promise<boolean> {
  let after = 0
  return async (rows) => {
    try {
      const next = await look(after, rows)
      after = next ?? 0
      return next !== null
    } catch (error) {
      if (error instanceof RowsFailed) after = error.next ?? 0
      throw error
    }
  }
}
