namespace DcpNas.Runs;

/// <summary>Memory as a line over the batch size, through two measured points.</summary>
internal readonly record struct MemoryLine(int SmallSize, long SmallBytes, int LargeSize, long LargeBytes)
{
    private double BytesPerImage => Math.Max(0, (double)(LargeBytes - SmallBytes) / (LargeSize - SmallSize));

    public double At(int size) => LargeBytes + (BytesPerImage * (size - LargeSize));

    /// <summary>The largest batch, at least 2, that keeps to a limit; null if none does.</summary>
    public int? Fitting(double limit)
    {
        var room = limit - LargeBytes;
        var size = BytesPerImage == 0 ? LargeSize : LargeSize + (int)Math.Floor(room / BytesPerImage);
        return size >= 2 ? size : null;
    }
}
