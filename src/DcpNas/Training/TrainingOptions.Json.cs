using System.Text.Json.Nodes;

namespace DcpNas.Training;

public abstract partial record TrainingOptions
{
    /// <summary>Options that may differ when a run is resumed, because they change nothing that it computes.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } = OptionDeclaration.KeysThatMayChange(typeof(TrainingOptions));

    /// <summary>Every value, defaults included, so that the run can be repeated from the file alone.</summary>
    public abstract JsonObject ToJson();
}
