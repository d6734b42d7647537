namespace DcpNas.Comparison;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Begun, and resumed by the next session if it is not running now.</summary>
    Begun,

    /// <summary>Tested; its result stands.</summary>
    Finished,

    /// <summary>Ended with an error; the next session tries again from its last checkpoint.</summary>
    Failed,
}
