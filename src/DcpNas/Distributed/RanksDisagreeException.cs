namespace DcpNas.Distributed;

/// <summary>Processes of one run hold different values of what must be equal; the last checkpoint is good.</summary>
public sealed class RanksDisagreeException(string message) : Exception(message);
