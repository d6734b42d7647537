using DcpNas.Search;

namespace DcpNas.StepBench;

/// <summary>One of the four parts of a search step; the names are those of the reference in PyTorch.</summary>
internal sealed record StepPart(string Name, SearchPhase Phase, bool IsAlpha)
{
    public static IReadOnlyList<StepPart> All { get; } =
    [
        new("parent_weights", SearchPhase.Parent, false),
        new("parent_alpha", SearchPhase.Parent, true),
        new("child_weights", SearchPhase.Child, false),
        new("child_alpha", SearchPhase.Child, true),
    ];

    /// <summary>Runs the part on batch number <paramref name="index"/> of its half.</summary>
    public StepResult Run(SearchSteps steps, StepFixture fixture, int index) => IsAlpha
        ? steps.Architecture(Phase, fixture.AlphaBatches[index], fixture.Options.WeightRate)
        : steps.Weights(Phase, fixture.WeightBatches[index], fixture.Options.WeightRate, index);
}
