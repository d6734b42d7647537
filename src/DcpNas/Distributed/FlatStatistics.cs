using static TorchSharp.torch;

namespace DcpNas.Distributed;

/// <summary>The running statistics of a network as one vector: every shard starts from those of before the batch.</summary>
internal sealed class FlatStatistics
{
    private readonly Tensor[] _buffers;
    private readonly Tensor[] _before;

    /// <summary>Remembers the values of buffers in the current dispose scope.</summary>
    /// <param name="buffers">The buffers of a network; those of whole numbers are left alone but for counting a batch once.</param>
    public FlatStatistics(IReadOnlyList<Tensor> buffers)
    {
        _buffers = [.. buffers];
        _before = [.. _buffers.Select(buffer => buffer.clone())];
        Length = Floating.Sum(buffer => buffer.numel());
    }

    /// <summary>Values of all statistics.</summary>
    public long Length { get; }

    private IEnumerable<Tensor> Floating => _buffers.Where(buffer => buffer.is_floating_point());

    /// <summary>Sets the statistics back to those of before the batch.</summary>
    public void Restore()
    {
        using var _ = no_grad();
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i].copy_(_before[i]);
        }
    }

    /// <summary>The statistics now.</summary>
    public Tensor Flat() => Length == 0 ? zeros(0) : cat([.. Floating.Select(buffer => buffer.reshape(-1))]);

    /// <summary>Sets the statistics.</summary>
    public void Set(Tensor values)
    {
        var at = 0L;
        foreach (var buffer in Floating)
        {
            buffer.copy_(values.narrow(0, at, buffer.numel()).reshape(buffer.shape));
            at += buffer.numel();
        }
    }
}
