namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>The exponents of what a <see cref="FixedEpilogue"/> reads and makes.</summary>
/// <param name="Input">Of the sums (0) or numbers.</param>
/// <param name="Output">Of the result, no larger than the next two.</param>
/// <param name="Shortcut">Of the shortcut, or null.</param>
/// <param name="Addend">Of what is added at the end, or null.</param>
internal readonly record struct FixedExponents(int Input, int Output, int? Shortcut = null, int? Addend = null);
