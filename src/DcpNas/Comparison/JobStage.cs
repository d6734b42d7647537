namespace DcpNas.Comparison;

/// <summary>The parts of a job, in their order.</summary>
public enum JobStage
{
    /// <summary>Finding a genotype.</summary>
    Search,

    /// <summary>Training its network, and testing it.</summary>
    Train,
}
