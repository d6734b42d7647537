namespace DcpNas.Distributed;

/// <summary>Another process of the run no longer answers; the last checkpoint is good.</summary>
public sealed class RankLostException(string message) : Exception(message);

/// <summary>Processes of one run hold different values of what must be equal; the last checkpoint is good.</summary>
public sealed class RanksDisagreeException(string message) : Exception(message);

/// <summary>A rank cannot take part as a user has started it; every rank ends with this at the same place.</summary>
public sealed class RanksRefusedException(string message, Exception? inner = null) : InputException(message, inner);
