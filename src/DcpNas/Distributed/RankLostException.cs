namespace DcpNas.Distributed;

/// <summary>Another process of the run no longer answers; the last checkpoint is good.</summary>
public sealed class RankLostException(string message) : Exception(message);
