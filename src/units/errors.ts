/** Arithmetic that the contract would have reverted on: overflow, underflow or division by zero. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError'
  /** Solidity's panic code: 0x11 for overflow and underflow, 0x12 for division by zero. */
  readonly panic: number
  constructor(message: string, panic = 0x11) {
    super(message)
    this.panic = panic
  }
}
