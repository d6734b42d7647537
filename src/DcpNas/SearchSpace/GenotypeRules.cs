namespace DcpNas.SearchSpace;

/// <summary>What holds for the edges of a node, said once for objects, files and text.</summary>
internal static class GenotypeRules
{
    /// <summary>The operations that a genotype may name, in the order of the columns of alpha.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. OperationNames.All.Where(name => name != OperationNames.None)];

    /// <summary>The first rule that the edges of a node break, or null.</summary>
    /// <param name="edges">The edges in the order of their source.</param>
    /// <param name="node">The node they enter, 2 to 5.</param>
    public static Fault? FirstFault(IReadOnlyList<GenotypeEdge> edges, int node)
    {
        for (var index = 0; index < edges.Count; index++)
        {
            var (operation, input) = (edges[index].Operation, edges[index].Input);
            if (OperationFault(operation) is { } fault)
            {
                return fault with { Part = $"edges[{index}].operation" };
            }

            if (input < 0 || input >= node)
            {
                return new Fault($"edges[{index}].input", $"a number from 0 to {node - 1}", $"{input}",
                    $"Node {node} reads the cell's inputs (0 and 1) and the nodes before it.");
            }

            if (edges.Take(index).Any(earlier => earlier.Input == input))
            {
                return new Fault($"edges[{index}].input", $"an input other than {input}", $"{input} again", "The two edges of a node read different inputs.");
            }
        }

        return null;
    }

    /// <summary>Why a name cannot be the operation of an edge, or null; the part is left empty.</summary>
    public static Fault? OperationFault(string operation)
    {
        if (operation == OperationNames.None)
        {
            return new Fault("", "an operation other than 'none'", "'none'", "Name the operation that the edge keeps, or another edge.");
        }

        return Operations.Contains(operation)
            ? null
            : new Fault("", $"one of {string.Join(", ", Operations)}", $"'{operation}'", Suggest(operation, Operations, "Correct the name."));
    }

    /// <summary>"Did you mean 'x'?" for the known name nearest to an unknown one, or <paramref name="otherwise"/> if none is near.</summary>
    public static string Suggest(string unknown, IEnumerable<string> known, string otherwise)
    {
        var (name, distance) = known.Select(name => (Name: name, Distance: Nearest.Distance(unknown, name))).MinBy(pair => pair.Distance);
        return distance <= Math.Max(2, name.Length / 2) ? $"Did you mean '{name}'?" : otherwise;
    }

    /// <summary>A broken rule, in the parts of a message.</summary>
    public readonly record struct Fault(string Part, string Expected, string Found, string Remedy);
}
