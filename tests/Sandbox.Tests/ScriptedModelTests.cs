using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Tests;

public sealed class ScriptedModelTests
{
    [Fact]
    public void A_name_without_a_script_behaves_well() =>
        Assert.Equal(new ScriptedModel("gpt-4o-mini", "gpt-4o-mini", new Script()), ScriptedModel.Parse("gpt-4o-mini"));

    [Fact]
    public void Every_key_says_what_it_says()
    {
        const string Name = "m@delay=50ms,first=2s,interval=10ms,chunks=20,text=Hello%2C%20you,words=3,status=500,code=x,retryafter=1,cut=3,end=4,garbage=5,errorframe=6,hang=7,"
            + "usage=none,input=11,output=9,cached=2,filter,tools,echo,floats,nodone,doubledone,bigline=2MB,gate=g,gateafter=4,"
            + "error=18,cachewrite=3,reasoning=8,flag=4,finish=normal,toolargs=%7B%7D,fails=2,remaining=1,remainingtokens=5,reset=10s,lifetime=1800s";

        Assert.Equal(
            new ScriptedModel(Name, "m", new Script
            {
                First = TimeSpan.FromSeconds(2),
                Interval = TimeSpan.FromMilliseconds(10),
                Chunks = 20,
                Text = "Hello, you",
                Words = 3,
                Status = 500,
                Code = "x",
                RetryAfterSeconds = 1,
                CutAfter = 3,
                EndAfter = 4,
                GarbageAfter = 5,
                ErrorFrameAfter = 6,
                HangAfter = 7,
                Usage = "none",
                InputTokens = 11,
                OutputTokens = 9,
                CachedTokens = 2,
                Filter = true,
                Tools = 1,
                Echo = true,
                Floats = true,
                NoDone = true,
                DoubleDone = true,
                BigLineBytes = 2 * 1024 * 1024,
                Gate = "g",
                GateAfter = 4,
                ErrorCode = 18,
                CacheWriteTokens = 3,
                ReasoningTokens = 8,
                Flag = 4,
                FinishReason = "normal",
                ToolArguments = "{}",
                FailingRequests = 2,
                RemainingRequests = 1,
                RemainingTokens = 5,
                Reset = TimeSpan.FromSeconds(10),
                Lifetime = TimeSpan.FromMinutes(30),
            }),
            ScriptedModel.Parse(Name));
    }

    [Theory]
    [InlineData("m@", "''")]
    [InlineData("m@dealy=5ms", "'dealy'")]
    [InlineData("m@chunks=1,chunks=2", "'chunks'")]
    [InlineData("m@chunks", "'chunks'")]
    [InlineData("m@chunks=0", "'chunks'")]
    [InlineData("m@chunks=-1", "'chunks'")]
    [InlineData("m@delay=50", "'delay'")]
    [InlineData("m@status=200", "'status'")]
    [InlineData("m@usage=some", "'usage'")]
    [InlineData("m@filter=1", "'filter'")]
    [InlineData("m@floats=1", "'floats'")]
    [InlineData("m@bigline=20", "'bigline'")]
    [InlineData("m@text=", "'text'")]
    [InlineData("m@tools=0", "'tools'")]
    [InlineData("m@toolargs", "'toolargs'")]
    [InlineData("m@flag=5", "'flag'")]
    [InlineData("m@fails=0", "'fails'")]
    [InlineData("m@reset=10", "'reset'")]
    [InlineData("m@error=x", "'error'")]
    [InlineData("m@gateafter=x,gate=g", "'gateafter'")]
    [InlineData("m@gateafter=3", "'gate'")]
    public void A_script_at_fault_names_the_key(string name, string key) =>
        Assert.Contains(key, Assert.Throws<FormatException>(() => ScriptedModel.Parse(name)).Message, StringComparison.Ordinal);
}
