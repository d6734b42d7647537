namespace DcpNas.Foundation;

/// <summary>A loss is no longer finite; the run stops with its last good checkpoint.</summary>
public sealed class DivergedException(string message) : Exception(message);
