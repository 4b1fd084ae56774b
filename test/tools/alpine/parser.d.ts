/** Reads an expression once, evaluates it against a scope. @throws Error for what is outside the grammar */
export function generateRuntimeFunction(expression: string): (options: { scope: object }) => unknown
