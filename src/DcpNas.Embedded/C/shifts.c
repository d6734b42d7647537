/* Arithmetic. Right shifts of negative numbers are arithmetic, as on every compiler for these processors; the assertion makes sure. */
typedef char nn_shifts_are_arithmetic[((-1) >> 1) == -1 ? 1 : -1];
