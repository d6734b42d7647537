using DcpNas.Networks.Graph;

namespace DcpNas.Networks;

/// <summary>An architecture of final networks.</summary>
/// <param name="Name">Its stable name: it is written to checkpoints and never changed.</param>
/// <param name="Channels">The width that its source uses.</param>
/// <param name="Graph">Its layers.</param>
internal sealed record Architecture(string Name, int Channels, Func<NetworkDescription, INetworkGraph> Graph);

/// <summary>The architectures, a row each: training, cost, packed model, ONNX, generated C, options and help follow from it.</summary>
internal static class NetworkTable
{
    /// <summary>All rows; rows are only ever appended.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(NetworkNames.Cells, 36, description => new CellNetwork(description.Genotype!, description.Geometry(classes: 1), description.Precision)),
        new(NetworkNames.BiRealNet18, 64, description => new BiRealNet(description, stages: 4, unitsPerStage: 4)),
        new(NetworkNames.ReActNetA, 32, description => new ReActNet(description)),
        new(NetworkNames.BiRealNet20, 16, description => new BiRealNet(description, stages: 3, unitsPerStage: 6)),
    ];

    /// <summary>The layers of a network whose description has no problems.</summary>
    public static INetworkGraph GraphOf(NetworkDescription description) => All.Single(row => row.Name == description.Architecture).Graph(description);
}
