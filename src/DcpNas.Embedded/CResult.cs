namespace DcpNas.Embedded;

/// <summary>A result of the generated network.</summary>
/// <param name="Name">The output of the model.</param>
/// <param name="Value">The value.</param>
/// <param name="Offset">Its first number among all results.</param>
/// <param name="Count">How many numbers it has.</param>
/// <param name="Exponent">A number q stands for q * 2^-Exponent.</param>
internal sealed record CResult(string Name, CValue Value, long Offset, long Count, int Exponent);
