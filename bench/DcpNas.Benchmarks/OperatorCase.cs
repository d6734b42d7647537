using static TorchSharp.torch;

namespace DcpNas.Benchmarks;

/// <summary>One operator in two spellings that compute the same from the same arguments.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Arguments">Makes the arguments; images come in NCHW and are converted where needed.</param>
/// <param name="Ours">Through DcpNas.Operators.</param>
/// <param name="Plain">Through libtorch.</param>
internal sealed record OperatorCase(string Name, Func<Tensor[]> Arguments, Func<Tensor[], Tensor> Ours, Func<Tensor[], Tensor> Plain);
