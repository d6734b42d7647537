using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>All architecture parameters (or their gradients) as one vector, and back.</summary>
internal static class ParameterVector
{
    public static Tensor Join(IReadOnlyList<Tensor> parts)
    {
        using var scope = NewDisposeScope();
        return cat([.. parts.Select(part => part.reshape(-1))]).MoveToOuterDisposeScope();
    }

    public static Tensor[] Split(Tensor vector, IReadOnlyList<Tensor> like)
    {
        var parts = new Tensor[like.Count];
        long offset = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var count = like[i].numel();
            parts[i] = vector.narrow(0, offset, count).reshape(like[i].shape);
            offset += count;
        }

        return parts;
    }
}
