/** Arithmetic that the contract would have reverted on: overflow, underflow or division by zero. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError'
}
