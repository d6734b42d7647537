namespace DcpNas.Training;

/// <summary>How the learning rate falls from its start to its end.</summary>
public enum ScheduleKind
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
