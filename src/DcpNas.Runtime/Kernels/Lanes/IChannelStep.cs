namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>What a job does with some neighbouring channels.</summary>
internal interface IChannelStep
{
    /// <summary>Does it for the channels <c>channel .. channel + TLanes.Count - 1</c>.</summary>
    void Run<TLanes, T>(int channel)
        where TLanes : struct, IFloatLanes<T>
        where T : struct;
}
