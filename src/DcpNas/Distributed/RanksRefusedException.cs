namespace DcpNas.Distributed;

/// <summary>A rank cannot take part as a user has started it; every rank ends with this at the same place.</summary>
public sealed class RanksRefusedException(string message, Exception? inner = null) : InputException(message, inner);
