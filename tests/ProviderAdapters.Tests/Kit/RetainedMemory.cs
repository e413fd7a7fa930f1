namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>What a piece of work leaves behind in memory while other tests run: their noise comes and goes, a leak grows each time.</summary>
internal static class RetainedMemory
{
    private const int Tries = 6;

    public static void AssertAtMost(long bytes, Action work)
    {
        var smallest = long.MaxValue;
        for (var tries = 0; tries < Tries && smallest > bytes; tries++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            work();
            smallest = Math.Min(smallest, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.InRange(smallest, long.MinValue, bytes);
    }
}
