namespace DcpNas.Cli.Bench;

/// <summary>How long a backend takes.</summary>
/// <param name="Bytes">Size of its file.</param>
/// <param name="Milliseconds">Milliseconds per image.</param>
/// <param name="Ratio">How many times as long as the packed model it takes, by round.</param>
internal sealed record PeerNumbers(long Bytes, Spread Milliseconds, Spread Ratio);
