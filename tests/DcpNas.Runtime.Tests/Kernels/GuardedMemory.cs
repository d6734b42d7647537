namespace DcpNas.Runtime.Tests.Kernels;

/// <summary>Memory that ends at a page nobody may touch: an access beyond it kills the process. The bytes before it are watched for writes.</summary>
internal sealed unsafe partial class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private const byte Poison = 0xA5;
    private static readonly int Page = Environment.SystemPageSize;

    private readonly nint _start;
    private readonly nint _size;
    private readonly int _before;
    private readonly int _length;

    public GuardedMemory(int length)
    {
        var bytes = length * sizeof(T);
        var pages = ((bytes + Page - 1) / Page) + 1; // at least a page before the data
        (_length, _size) = (length, (nint)(pages + 1) * Page);
        _before = (pages * Page) - bytes;
        _start = Native.Map(0, _size, Native.ReadWrite, Native.PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, _start);
        new Span<byte>((void*)_start, pages * Page).Fill(Poison);
        Assert.Equal(0, Native.Protect(_start + (pages * Page), Page, 0));
    }

    public GuardedMemory(ReadOnlySpan<T> content)
        : this(content.Length) => content.CopyTo(Span);

    public Span<T> Span => new((byte*)_start + _before, _length);

    public void Dispose()
    {
        Assert.Equal(-1, new ReadOnlySpan<byte>((void*)_start, _before).IndexOfAnyExcept(Poison));
        Assert.Equal(0, Native.Unmap(_start, _size));
    }
}
